# The smallest image: kiraform, and the roots of certificates by which it knows Kira and a
# Postgres. The program brings no roots of its own: whoever builds the image says whom it
# trusts, and a company with a root of its own adds it below.
# docker build -f .ci/image/scratch.Dockerfile -t kiraform:scratch .
# docker run --rm -v "$PWD:/work" --user "$(id -u)" -e KIRA_API_KEY -e KIRA_CLIENT_ID -e KIRA_PASSWORD kiraform:scratch plan
FROM golang:1.26-alpine AS build
RUN apk add --no-cache ca-certificates git
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /kiraform .

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /kiraform /kiraform
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/kiraform"]
