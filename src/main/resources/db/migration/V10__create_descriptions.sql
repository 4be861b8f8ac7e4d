-- What agents say about themselves. The column agents.description has the id of the current one, so that the change of that column alone
-- puts a description and all its labels in force. Ids are drawn by chance.
CREATE TABLE IF NOT EXISTS descriptions (
    tenant VARBINARY(128) NOT NULL,
    agent VARBINARY(128) NOT NULL,
    id BIGINT NOT NULL,
    content MEDIUMBLOB NOT NULL,
    PRIMARY KEY (tenant, agent, id)
)
