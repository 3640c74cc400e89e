# A static binary and nothing else. `docker run --rm -v "$PWD:/work" IMAGE dashboards`
FROM rust:1.91-alpine AS build
RUN apk add --no-cache build-base
WORKDIR /src
COPY . .
# The builder may say what it builds: docker build --build-arg BUILD="$(git show -s --format='%h %cs' --abbrev=12)"
ARG BUILD=
# Alpine's Rust links statically against musl.
RUN DASHLINT_BUILD="$BUILD" cargo build --release --locked && strip target/release/dashlint

FROM scratch
COPY --from=build /src/target/release/dashlint /dashlint
WORKDIR /work
USER 65534:65534
ENTRYPOINT ["/dashlint"]
