# make image, or: docker build -t optiscope --build-arg BASE=python@sha256:… --build-arg TORCH_INDEX_URL=… .
# docker run --rm -p 127.0.0.1:8000:8000 -v optiscope:/data -e OPTISCOPE_TOKEN=$(openssl rand -hex 16) optiscope

# `make image` names the base by its digest; a build by hand may name another one.
ARG BASE=python:3.11-slim

FROM ${BASE} AS builder

# The address of PyTorch's CPU-only package index. Without it torch comes from the default index, whose Linux
# build is the same version with CUDA and takes several GB.
ARG TORCH_INDEX_URL=""

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/optiscope
WORKDIR /src

# What it runs with changes less often than the code: a layer of its own, which edits of code leave alone.
COPY constraints.txt ./
COPY requirements ./requirements
COPY scripts/install-locked ./scripts/install-locked
RUN scripts/install-locked /opt/optiscope/bin/python

COPY pyproject.toml README.md LICENSE ./
COPY app ./app
COPY static ./static
COPY templates ./templates
# Installed beside it, so that the layer of the code is as small as the code.
RUN /opt/optiscope/bin/pip install --no-deps --no-build-isolation --target /opt/code . \
 && /opt/optiscope/bin/pip uninstall --yes hatchling


FROM ${BASE}

RUN useradd --create-home --uid 10001 optiscope \
 && install -d -o optiscope /data
COPY --from=builder /opt/optiscope /opt/optiscope
COPY --from=builder /opt/code /opt/code
USER optiscope
WORKDIR /home/optiscope

# Inside a container the server has to listen on all addresses, and off loopback it asks for a token:
# give one of 16 characters or more in OPTISCOPE_TOKEN. What it keeps lies in the volume.
ENV PATH=/opt/code/bin:/opt/optiscope/bin:$PATH \
    PYTHONPATH=/opt/code \
    PYTHONUNBUFFERED=1 \
    OMP_NUM_THREADS=1 \
    OPTISCOPE_DATA_DIR=/data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/api/health', timeout=4)"]
CMD ["optiscope", "serve", "--host", "0.0.0.0", "--port", "8000"]
