#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Fetches the senders of the interop tests into a folder, without installing anything:
# Debian's packages are unpacked, PyPI's go into a folder of their own.
#   tests/interop/fetch.sh FOLDER
set -euo pipefail
folder=${1:?usage: tests/interop/fetch.sh FOLDER}
mkdir -p "$folder/packages" "$folder/root" "$folder/python"
cd "$folder/packages"
for package in rsyslog rsyslog-relp rsyslog-elasticsearch rsyslog-openssl librelp0 libestr0 \
  libfastjson4 liblognorm5 syslog-ng-core syslog-ng-mod-http libivykis0 libnet1 libpcre3 libwrap0 \
  systemd-journal-remote libmicrohttpd12; do
  if ! compgen -G "${package}_*.deb" >/dev/null; then
    apt-get download -q "$package" || echo "fetch: no package $package" >&2
  fi
done
for package in *.deb; do dpkg -x "$package" ../root; done
cd ..
# In one go: packages share folders, and what is there already is not added to.
rm -rf python
python3 -m pip install -q --no-input --disable-pip-version-check --root-user-action ignore \
  --target python elasticsearch opentelemetry-sdk opentelemetry-exporter-otlp-proto-http \
  fluent-logger pylogbeat || echo "fetch: PyPI has not all of the packages" >&2
