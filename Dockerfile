# One static binary on an empty base: no shell, no package manager, nothing to
# keep up to date but this. docs/docker.md says how it is run.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /out/tocsin ./cmd/tocsin \
 && mkdir /out/data /out/config

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/tocsin /usr/local/bin/tocsin
# What the operator writes is read here, and may be mounted read-only.
COPY --from=build /out/config /config
# The one folder that is written to: the ledger and the evidence.
COPY --from=build --chown=65532:65532 /out/data /data
ENV PATH=/usr/local/bin
# By number: there is no /etc/passwd, and who starts the container can tell that it is not root.
USER 65532:65532
VOLUME ["/data"]
WORKDIR /config
# A source that cannot be seen is no reason to restart: that is said by /readyz and by an alert.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["tocsin", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["tocsin"]
CMD ["run"]
