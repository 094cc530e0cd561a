#!/usr/bin/env bash
# Installs the peers of the Sigma benches beside them: RSigma (crates.io); pySigma, its SQLite back end and
# Zircolite's way of running it (PyPI). Nothing of this is needed by the product or its tests.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p .peers
# 0.23.0 is the newest that builds with Rust 1.95; set RSIGMA_VERSION for another.
[ -x .peers/bin/rsigma ] || cargo install rsigma --version "${RSIGMA_VERSION:-0.23.0}" --locked --root .peers
[ -d .peers/python ] || python3 -m venv .peers/python
.peers/python/bin/pip install --quiet pysigma pysigma-backend-sqlite
