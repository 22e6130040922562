# syntax=docker/dockerfile:1

ARG PYTHON_VERSION=3.13

# The wheel of Centralita itself, made with the build tools and nothing else.
FROM python:${PYTHON_VERSION}-slim AS wheel
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
COPY requirements-build.lock ./
RUN pip install --require-hashes --only-binary :all: -r requirements-build.lock
COPY pyproject.toml LICENSE ./
COPY crm crm
COPY storage storage
COPY bot bot
COPY sandbox sandbox
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /wheels .

# What it runs on: every package pinned and hashed, then the wheel on top.
FROM python:${PYTHON_VERSION}-slim AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/centralita
COPY requirements.lock ./
RUN /opt/centralita/bin/pip install --require-hashes --only-binary :all: -r requirements.lock
COPY --from=wheel /wheels /wheels
RUN /opt/centralita/bin/pip install --no-deps --no-index /wheels/*.whl

FROM python:${PYTHON_VERSION}-slim
LABEL org.opencontainers.image.title="Centralita" \
      org.opencontainers.image.description="The switchboard between WhatsApp customers and Telegram agents" \
      org.opencontainers.image.licenses="MIT"
RUN groupadd --gid 10001 centralita \
 && useradd --uid 10001 --gid centralita --home-dir /data --no-create-home --shell /usr/sbin/nologin centralita \
 && install --directory --owner=centralita --group=centralita --mode=0750 /data
COPY --from=packages /opt/centralita /opt/centralita
ENV PATH=/opt/centralita/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    CENTRALITA_SERVER__HOST=0.0.0.0 \
    CENTRALITA_SERVER__PORT=8080
USER centralita
WORKDIR /data
VOLUME /data
EXPOSE 8080
# Asks over loopback, never through a proxy. In a container the variables above win over the file: publish another port instead.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-c", "import http.client, os, sys; c = http.client.HTTPConnection('127.0.0.1', int(os.environ['CENTRALITA_SERVER__PORT']), timeout=4); c.request('GET', '/healthz'); sys.exit(c.getresponse().status != 200)"]
CMD ["centralita", "serve", "--config", "/etc/centralita/config.toml"]
