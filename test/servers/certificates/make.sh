#!/usr/bin/env bash
# Makes the certificates of the tests anew: an authority, and what it has signed. None of them protects anything.
set -euo pipefail
cd "$(dirname "$0")"
here=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
touch "$work/index.txt"
cat > "$work/ca.cnf" <<END
[ca]
default_ca = one
[one]
database = $work/index.txt
new_certs_dir = $work
rand_serial = yes
default_md = sha256
policy = any
[any]
commonName = supplied
END
made() { # name, extensions, first day, last day, more arguments
  local name=$1 extensions=$2 first=$3 last=$4
  shift 4
  openssl ecparam -name prime256v1 -genkey -noout -out "$here/$name.key.pem"
  openssl req -new -config <(printf '[req]\ndistinguished_name=d\n[d]\n') -key "$here/$name.key.pem" -subj "/CN=$name" -out "$work/$name.csr"
  printf '%s\n' "$extensions" > "$work/$name.ext"
  openssl ca -batch -notext -config "$work/ca.cnf" -in "$work/$name.csr" -startdate "$first" -enddate "$last" \
    -extfile "$work/$name.ext" -out "$here/$name.pem" "$@" 2> "$work/log" || { cat "$work/log"; exit 1; }
}
signed() { made "$1" "$2" "$3" "$4" -cert "$here/authority.pem" -keyfile "$here/authority.key.pem"; }
made authority "basicConstraints=critical,CA:TRUE" 20200101000000Z 20491231000000Z -selfsign -keyfile "$here/authority.key.pem"
signed localhost "subjectAltName=DNS:localhost,IP:127.0.0.1" 20200101000000Z 20491231000000Z
signed elsewhere "subjectAltName=DNS:elsewhere.example" 20200101000000Z 20491231000000Z
signed expired "subjectAltName=DNS:localhost,IP:127.0.0.1" 20200101000000Z 20200102000000Z
signed client "extendedKeyUsage=clientAuth" 20200101000000Z 20491231000000Z
rm "$here/authority.key.pem"
