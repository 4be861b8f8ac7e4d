-- The character set of a database may lack characters: MariaDB 11.4 takes latin1 by default. A node whose zone had such a character could not register.
ALTER TABLE nodes CONVERT TO CHARACTER SET utf8mb4
