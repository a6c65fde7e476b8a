#!/usr/bin/env bash
# Makes the virtual environment of trainer/glue (PyTorch with its CUDA libraries: about 6 GB, some minutes), or finds the
# one that was made, and prints its folder. PYTHON names the Python to use (default python3, at least 3.10).
cd "$(dirname "$0")"
exec ../../scripts/python-environment.sh venv requirements.txt requirements-dev.txt --no-deps requirements-no-deps.txt
