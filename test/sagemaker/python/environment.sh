#!/usr/bin/env bash
# Prints the folder of the virtual environment of test/sagemaker/python, which it makes first if need be.
cd "$(dirname "$0")"
exec ../../../scripts/python-environment.sh sagemaker requirements.txt
