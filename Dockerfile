# The portal as one image: web, worker and scanner are the same image with another command.

FROM node:24-bookworm-slim AS static
WORKDIR /static
COPY static/package.json static/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY static/ ./
COPY geo/basemap/ /geo/basemap/
RUN npm run build

FROM python:3.11-slim-bookworm AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /srv/madoguchi
RUN python -m venv .venv
# What runs, without what tests; the same versions as requirements.lock.
COPY docker/requirements.lock ./
RUN .venv/bin/pip install --require-hashes -r requirements.lock
COPY . .
RUN .venv/bin/pip install --no-deps -e .

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends clamav-daemon libharfbuzz-subset0 libmagic1 libpango-1.0-0 libpangoft2-1.0-0 postgresql-client tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --home-dir /var/lib/madoguchi --shell /usr/sbin/nologin madoguchi \
    && install -d -o madoguchi -g madoguchi -m 700 /var/lib/madoguchi /run/madoguchi
COPY --from=packages /srv/madoguchi /srv/madoguchi
COPY --from=static /static/dist /srv/madoguchi/static/dist
WORKDIR /srv/madoguchi
ENV PATH=/srv/madoguchi/.venv/bin:$PATH \
    LANG=C.UTF-8 \
    PYTHONUNBUFFERED=1 \
    MADOGUCHI_INSTANCE_PATH=/var/lib/madoguchi
USER madoguchi
VOLUME /var/lib/madoguchi
EXPOSE 8000
ENTRYPOINT ["tini", "--", "madoguchi"]
CMD ["serve", "--bind", "0.0.0.0:8000"]
