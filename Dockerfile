# A node. Build the jar first: mvn package && docker build -t switchboard .
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
COPY src/image/ ./
# Options of the JVM with which the AOT cache is made, too: it fits no other object headers.
ARG JVM_FLAGS="-XX:+UseCompactObjectHeaders --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
# The AOT cache: a node is ready in about half of the time. It must be made here, and not in a stage before, because the JVM compares the
# times of the jars. --build-arg AOT=off leaves it out, which saves about 100 MB.
ARG AOT=on
RUN if [ "${AOT}" = on ]; then bash train ${JVM_FLAGS}; fi && rm train && chmod -R a+rX .
ENV SWITCHBOARD_SECURITY_MODE=jwt \
    LOGGING_STRUCTURED_FORMAT_CONSOLE=ecs \
    SPRING_MAIN_BANNERMODE=off
# The ports of the API, agents, management and forwarding
EXPOSE 8080 8090 9090 8070
# A number, because Kubernetes cannot check a name for runAsNonRoot.
USER 10001:10001
HEALTHCHECK --interval=10s --timeout=6s --start-period=120s --retries=3 CMD ["bash", "/switchboard/probe"]
# The heap gets half of the memory, because the kernel's socket buffers count against the container's limit, too. Without the cache, the
# JVM goes on without it.
ENTRYPOINT ["java", \
    "-XX:+UseCompactObjectHeaders", \
    "--enable-native-access=ALL-UNNAMED", \
    "--sun-misc-unsafe-memory-access=allow", \
    "-XX:MaxRAMPercentage=50", \
    "-XX:+ExitOnOutOfMemoryError", \
    "-XX:AOTCache=switchboard.aot", \
    "-Xlog:aot=off", \
    "-Xlog:cds=off", \
    "-jar", "switchboard.jar"]
