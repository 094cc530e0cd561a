#!/usr/bin/env bash
# Installs the peers beside this script, at the versions measured. About 1.4 GB: text-dedup brings Spark and Arrow.
set -euo pipefail
cd "$(dirname "$0")"
python3 -m venv .peers
echo '*' > .peers/.gitignore
.peers/bin/pip install --quiet datasketch==2.0.0 text-dedup==0.4.0
