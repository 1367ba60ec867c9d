# One image for every process; docker-compose.yml gives each its command.
FROM python:3.11-slim AS packages
COPY requirements.lock .
# Google's client carries the description of every Google service; Gmail's is the one that is read.
# pip compiles what it installs, so that no process compiles Django again at its start.
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --require-hashes --requirement requirements.lock \
 && find /opt/venv/lib/*/site-packages/googleapiclient/discovery_cache/documents \
      -type f ! -name gmail.v1.json -delete

FROM python:3.11-slim
RUN useradd --uid 10001 --create-home threadwell \
 && install --directory --owner=threadwell --mode=700 /var/lib/threadwell /var/lib/threadwell/blobs
COPY --from=packages /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 BLOB_ROOT=/var/lib/threadwell/blobs
WORKDIR /srv/threadwell
COPY . .
RUN python -m compileall -q . \
 && SECRET_KEY=for-collecting-static-files-only python manage.py collectstatic --noinput
USER threadwell
EXPOSE 8000 2525
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
