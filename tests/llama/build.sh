#!/bin/bash
# llama.cpp's OpenAI-compatible server and two random-weight models: build.sh FOLDER
# Needs gcc, g++, cmake, ninja and a Python with pip; some minutes, once. Everything comes from the package index.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-python3}
mkdir -p "$1" && cd "$1"
if [[ ! -x llama-server ]]; then
  "$python" -m pip download -q --no-deps --no-binary llama-cpp-python -d sdist llama-cpp-python==0.3.36
  tar xzf sdist/llama_cpp_python-*.tar.gz
  cmake -S llama_cpp_python-*/vendor/llama.cpp -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF \
    -DLLAMA_BUILD_UI=OFF -DLLAMA_USE_PREBUILT_UI=OFF -DLLAMA_OPENSSL=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF \
    -DLLAMA_BUILD_APP=OFF -DLLAMA_BUILD_TOOLS=ON -DLLAMA_BUILD_SERVER=ON -DGGML_OPENMP=OFF -DCMAKE_CXX_FLAGS=-O1
  cmake --build build --target llama-server -j "${JOBS:-2}"
  cp build/bin/llama-server .
fi
"$python" -c "import gguf" 2>/dev/null || "$python" -m pip install -q gguf
"$python" "$here/random_model.py" tame.gguf
"$python" "$here/random_model.py" hostile.gguf --hostile
