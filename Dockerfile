FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /build
COPY pom.xml LICENSE ./
COPY src src
# An image is no place for tests: they run before one is built, and src/test is not in the context.
RUN --mount=type=cache,target=/root/.m2 \
    mvn --batch-mode --no-transfer-progress -Dmaven.test.skip=true package
RUN java -Djarmode=tools -jar target/akashgen2api.jar extract --layers --destination layers
RUN javac -d training src/main/dist/*.java

FROM eclipse-temurin:25-jre AS service
WORKDIR /application
# What changes seldom comes first, so that a new version is a small download.
COPY --from=build /build/layers/dependencies/ ./
COPY --from=build /build/layers/spring-boot-loader/ ./
COPY --from=build /build/layers/snapshot-dependencies/ ./
COPY --chmod=755 src/main/docker/healthcheck.sh ./
COPY --chmod=644 src/main/dist/jvm.options ./
COPY --from=build /build/layers/application/ ./
# DATA_DIR. A volume takes over its owner. On a read-only file system without a volume, images are kept in the temporary directory.
RUN install -d -o 10001 -g 10001 data

# The AOT cache suits only the JVM and the files that it was trained with: those of the image itself.
FROM service AS training
COPY --from=build /build/training /training
RUN java -cp /training Training .

FROM service
COPY --from=training --chmod=644 /application/akashgen2api.aot ./

# A number, so that Kubernetes' runAsNonRoot can tell that it is not root.
USER 10001:10001
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["/application/healthcheck.sh"]
# Java is process 1 and gets docker stop's signal itself.
ENTRYPOINT ["java", "@jvm.options", "-jar", "akashgen2api.jar"]
