# Build: docker build --tag fairlead:0.1.0 .   Run: docker run --rm fairlead:0.1.0 --help
# With a Traefik beside it, for `fairlead edge`: docker build --target edge --tag fairlead-edge:0.1.0 .
# The result is one bundle of JavaScript, the same on every platform, so it is built once on the platform of the builder.
FROM --platform=$BUILDPLATFORM node:24-trixie-slim AS build
WORKDIR /build
# Alone, so that the layer with the dependencies stays while only sources change. Without scripts: `prepare` would build
# before the sources are there.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY scripts/build.mjs scripts/launcher.js scripts/bundle-*.mjs scripts/
COPY src src
COPY traefik/plugins-local traefik/plugins-local
# The commit of the sources, for `fairlead version`: --build-arg SOURCE_COMMIT=$(git rev-parse --short=12 HEAD)
ARG SOURCE_COMMIT
RUN node scripts/build.mjs

# No shell, no package manager; user 65532.
FROM gcr.io/distroless/nodejs24-debian13:nonroot AS fairlead
LABEL org.opencontainers.image.title="Fairlead" \
      org.opencontainers.image.description="A control plane for the edge: Kubernetes objects in, Traefik configuration out, TCP and UDP ports from a pool" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="gcr.io/distroless/nodejs24-debian13:nonroot"
WORKDIR /app
# The bundle without what starts it elsewhere: this Node is not too old. The map is read only with
# NODE_OPTIONS=--enable-source-maps, which costs 120 MB of memory: for a stack trace to report, not for every day.
COPY --from=build /build/dist/fairlead.mjs /build/dist/fairlead.mjs.map /build/dist/THIRD-PARTY-LICENSES ./
COPY LICENSE ./
# Provider and admin listener, as in manifests/base/fairlead.yaml.
EXPOSE 9080 9081
# Health is asked by the probes of the Deployment.
HEALTHCHECK NONE
# Half of the usual room for new objects: 17 MB less for 10,000 Services, in about the same time.
ENTRYPOINT ["/nodejs/bin/node", "--max-semi-space-size=8", "/app/fairlead.mjs"]
CMD ["serve"]

# A Traefik of its own architecture, as the release line that a fleet is for by default.
FROM traefik:v3.7 AS traefik

FROM fairlead AS edge
COPY --from=traefik /usr/local/bin/traefik /usr/local/bin/traefik
CMD ["edge", "--help"]

# What is built without --target.
FROM fairlead
