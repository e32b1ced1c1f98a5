# One static binary on an empty base: no shell, no package manager, nothing to keep up to date but this.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /out/tocsin ./cmd/tocsin && mkdir -p /out/data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /usr/local/go/lib/time/zoneinfo.zip /usr/local/go/lib/time/zoneinfo.zip
COPY --from=build /out/tocsin /tocsin
COPY --from=build --chown=65532:65532 /out/data /data
ENV ZONEINFO=/usr/local/go/lib/time/zoneinfo.zip
USER 65532:65532
WORKDIR /data
ENTRYPOINT ["/tocsin"]
CMD ["run"]
