#!/usr/bin/env bash
# Prints the folder of a virtual environment with Syne Tune 0.14 (about 450 MB), which it makes first if need be.
# PYTHON names the Python to use (3.10 to 3.12).
cd "$(dirname "$0")"
exec ../../scripts/python-environment.sh peers requirements.txt
