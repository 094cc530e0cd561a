#!/usr/bin/env bash
# Installs the peers beside this script, at the versions measured. dedupe 3.0.3 fails with BTrees after 6.1.
set -euo pipefail
cd "$(dirname "$0")"
python3 -m venv .peers
echo '*' > .peers/.gitignore
.peers/bin/pip install --quiet splink==5.0.0 recordlinkage==0.16 dedupe==3.0.3 goldenmatch==3.22.0 polars BTrees==6.1 zope.index==7.0
