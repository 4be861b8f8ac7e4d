# A gateway node. Build the jar first: mvn package && docker build -t switchboard .
ARG BASE=eclipse-temurin:25-jre

FROM $BASE AS jar
WORKDIR /jar
COPY target/switchboard.jar switchboard.jar
RUN ["java", "-Djarmode=tools", "-jar", "switchboard.jar", "extract", "--layers", "--destination", "layers"]

FROM $BASE
LABEL org.opencontainers.image.title="Switchboard" org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /switchboard
COPY --from=jar /jar/layers/dependencies/ ./
COPY --from=jar /jar/layers/snapshot-dependencies/ ./
COPY --from=jar /jar/layers/application/ ./
ENV SWITCHBOARD_SECURITY_MODE=jwt \
    LOGGING_STRUCTURED_FORMAT_CONSOLE=ecs \
    SPRING_MAIN_BANNERMODE=off
# The ports of the API, agents, management and forwarding
EXPOSE 8080 8090 9090 8070
# A number, because Kubernetes cannot check a name for runAsNonRoot.
USER 10001:10001
# The heap gets half of the memory, because the kernel's socket buffers count against the container's limit, too.
ENTRYPOINT ["java", \
    "-XX:+UseCompactObjectHeaders", \
    "--enable-native-access=ALL-UNNAMED", \
    "--sun-misc-unsafe-memory-access=allow", \
    "-XX:MaxRAMPercentage=50", \
    "-XX:+ExitOnOutOfMemoryError", \
    "-jar", "switchboard.jar"]
