# The image of a deployed Backcourt; bot and worker are the same one. Every step but the first and the last runs in an empty folder
# too: `npm run image:check` does that, since the steps are where an image goes wrong.
#
# The base is named by its tag. Pin it for a release by what the tag stands for that day, and let a bot renew that:
#   docker buildx imagetools inspect node:24-bookworm-slim --format '{{.Manifest.Digest}}'
#   docker build --build-arg NODE_IMAGE=node:24-bookworm-slim@sha256:... .
ARG NODE_IMAGE=node:24-bookworm-slim

# Compiles. No package needs its install script: what is native comes built.
FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build

# Only what runs, and the list of it.
FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
RUN npm run --silent sbom > sbom.json

FROM ${NODE_IMAGE} AS final
# Nobody installs anything in there any more.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn* /opt/yarn*
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=packages /app/sbom.json sbom.json
COPY --from=build /app/dist dist
COPY --from=build /app/workspace/dist workspace/dist
COPY package.json manifest.yml LICENSE ./
COPY bin bin
COPY assets assets
COPY pipelines pipelines
ENV NODE_ENV=production PORT=8080 BACKCOURT_HOME=/tmp/backcourt
# The user `node` of the base image, by number so that a cluster can see that it is not root.
USER 1000:1000
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
# No shell in between: SIGTERM reaches the process itself.
ENTRYPOINT ["node", "--enable-source-maps", "bin/backcourt.js"]
CMD ["serve"]
