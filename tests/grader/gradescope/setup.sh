#!/usr/bin/env bash
# setup.sh - makes Gradescope's image ready to grade: run once, when the zip is uploaded.
set -euo pipefail
: "${AUTOGRADER:=/autograder}"
if command -v apt-get >/dev/null && [[ -z ${NO_APT:-} ]]; then
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -q
	apt-get install -y -q --no-install-recommends gcc libc6-dev make bats jq strace bubblewrap parallel patch procps util-linux
fi
version=$(bats --version | sed 's/[^0-9.]//g')
[[ $(printf '%s\n' 1.5 "$version" | sort -V | head -n 1) == 1.5 ]] ||
	{ echo "bats $version is too old: choose a base image with Debian 12, Ubuntu 24.04 or later" >&2 && exit 1; }

cd "$AUTOGRADER/source"
tar -xzf kit.tgz --no-same-owner
lab=$(<lab)
make -s -C kit BUILD="$AUTOGRADER/ipclabs" "$AUTOGRADER/ipclabs/grader/"{rig,keeper,peers/.made,"kit/$lab/.made"}
# Students' programs run beside all this, as another user: what is not theirs to read is not readable.
chmod 711 "$AUTOGRADER" "$AUTOGRADER/ipclabs"
chmod 700 "$AUTOGRADER/source"
