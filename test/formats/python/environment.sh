#!/usr/bin/env bash
# Prints the folder of the virtual environment of test/formats/python (about 700 MB), which it makes first if need be.
cd "$(dirname "$0")"
exec ../../../scripts/python-environment.sh formats requirements.txt --no-deps requirements-no-deps.txt
