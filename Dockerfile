# syntax=docker/dockerfile:1
# The server in a container: `docker build -t firserver .`. The stages run the same scripts/setup as a checkout does.

FROM swift:6.3-bookworm AS build
WORKDIR /build
ENV PKG_CONFIG_PATH=/build/.deps/pkgconfig
# What is downloaded changes seldom and comes first, so that an edit of the sources does not fetch it again.
COPY scripts scripts
COPY models models
RUN scripts/setup packages openvino models
COPY Package.swift Package.resolved* ./
COPY Sources Sources
# The manifest names these targets, too; they are not built.
COPY Benchmarks Benchmarks
COPY Tests Tests
RUN swift build -c release --static-swift-stdlib --product firserver \
    && strip .build/release/firserver \
    && for package in .build/checkouts/*; do \
        find "$package" -maxdepth 1 \( -name 'LICENSE*' -o -name 'NOTICE*' \) -exec \
            install -D --mode=644 --target-directory="licenses/$(basename "$package")" {} +; \
    done

FROM debian:bookworm-slim
RUN --mount=type=bind,source=scripts,target=/opt/firserver/scripts \
    /opt/firserver/scripts/setup runtime-packages \
    && rm -rf /opt/firserver/.deps /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --home-dir /data --no-create-home --shell /usr/sbin/nologin firserver \
    && install --directory --owner=firserver --group=firserver --mode=700 /data

WORKDIR /opt/firserver
COPY --from=build /build/.deps/openvino/libs openvino/libs
COPY --from=build /build/.deps/openvino/licenses openvino/licenses
COPY --from=build /build/.deps/models models
COPY --from=build /build/.build/release/firserver /usr/local/bin/firserver
COPY migrations migrations
COPY --from=build /build/licenses licenses
COPY docs/third-party.md LICENSE NOTICE ./
RUN echo /opt/firserver/openvino/libs > /etc/ld.so.conf.d/firserver.conf && ldconfig

# Without DATABASE_URL the server keeps a private PostgreSQL in /data. It listens on every interface of the container, so
# it starts with authentication, with FIRSERVER_ALLOW_UNAUTHENTICATED=true, or when FIRSERVER_HTTP_PUBLISHED_HOST says
# that the port is published on a loopback address only, as docker-compose.yml does.
ENV FIRSERVER_HTTP_HOST=0.0.0.0 \
    FIRSERVER_HTTP_PORT=10000 \
    FIRSERVER_DATA_DIRECTORY=/data \
    FIRSERVER_MODELS_DIRECTORY=/opt/firserver/models \
    FIRSERVER_MIGRATIONS_DIRECTORY=/opt/firserver/migrations
USER 10001:10001
VOLUME /data
EXPOSE 10000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["firserver", "health"]
ENTRYPOINT ["firserver"]
CMD ["serve"]
