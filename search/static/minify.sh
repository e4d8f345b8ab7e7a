#!/bin/sh
# Makes static.min.js, which is sent, of static.js, which is read. It needs npx.
# The first line names the source, so that a test sees when the two part.
set -eu
cd "$(dirname "$0")"
npx --yes esbuild@0.28.2 static.js --minify --format=esm --charset=utf8 --target=es2022 \
  --banner:js="// $(sha256sum <static.js | cut -c 1-16)" --outfile=static.min.js
