# One image for web, worker, beat and migrations; what it runs is said by the command.
FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PROJECT_ENVIRONMENT=/opt/earmark/.venv
RUN pip install --no-cache-dir "uv>=0.13,<0.14"
WORKDIR /opt/earmark
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-install-project --extra backup --extra mcp --extra traces
COPY . .
# Collecting needs settings, not secrets: both values are gone with this layer.
RUN SECRET_KEY=for-collecting-only DATABASE_URL=postgresql://nobody@nowhere/none REDIS_URL=redis://nowhere \
    .venv/bin/python manage.py collectstatic --noinput

FROM python:3.13-slim-bookworm
ENV PATH=/opt/earmark/.venv/bin:$PATH PYTHONUNBUFFERED=1 EARMARK_DATA_DIR=/var/lib/earmark
RUN useradd --system --uid 10001 --home-dir /var/lib/earmark --create-home earmark
COPY --from=build --chown=root:root /opt/earmark /opt/earmark
WORKDIR /opt/earmark
USER earmark
VOLUME /var/lib/earmark
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=2m \
    CMD ["python", "-c", "import socket; s = socket.create_connection(('127.0.0.1', 8000), 2); s.sendall(b'GET /livez HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n'); raise SystemExit(b' 200 ' not in s.recv(32))"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "1", "--http", "1", "--no-ws", "config.wsgi:application"]
