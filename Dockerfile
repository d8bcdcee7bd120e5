# docker build -t optiscope --build-arg TORCH_INDEX_URL=… .
# docker run --rm -p 127.0.0.1:8000:8000 -e OPTISCOPE_TOKEN=$(openssl rand -hex 16) optiscope

FROM python:3.11-slim AS builder

# The address of PyTorch's CPU-only package index. Without it torch comes from the default index, whose Linux
# build is the same version with CUDA and takes several GB.
ARG TORCH_INDEX_URL=""

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/optiscope
WORKDIR /src
COPY constraints.txt pyproject.toml README.md LICENSE ./

# torch changes less often than the code: a layer of its own.
RUN /opt/optiscope/bin/pip install -c constraints.txt ${TORCH_INDEX_URL:+--extra-index-url "$TORCH_INDEX_URL"} \
    torch hatchling
COPY app ./app
COPY static ./static
COPY templates ./templates
RUN /opt/optiscope/bin/pip install -c constraints.txt --no-build-isolation . \
 && /opt/optiscope/bin/pip uninstall -y hatchling


FROM python:3.11-slim

RUN useradd --create-home --uid 10001 optiscope
COPY --from=builder /opt/optiscope /opt/optiscope
USER optiscope
WORKDIR /home/optiscope

# Inside a container the server has to listen on all addresses, and off loopback it asks for a token:
# give one of 16 characters or more in OPTISCOPE_TOKEN.
ENV PATH=/opt/optiscope/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    OMP_NUM_THREADS=1
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/api/health', timeout=4)"]
CMD ["optiscope", "serve", "--host", "0.0.0.0", "--port", "8000"]
