#!/usr/bin/env bash
# What must hold before a commit: format, strict lint, build without warnings, tests, docs/reference.md up to date.
#
#     scripts/check.sh [--full [SECONDS]]
#
# --full adds what takes minutes: the sanitizers, the fuzzer (60 seconds a format, or as many as are given) and the other
# architecture.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
sources=(Package.swift Sources Tests)

step() { printf '\n== %s\n' "$1"; }

step "format"
swift format format --in-place --recursive --parallel "${sources[@]}"

step "lint"
swift format lint --strict --recursive --parallel "${sources[@]}"

step "build"   # warnings are errors by Package.swift
scripts/setup
swift build --build-tests

step "reference page"
before=$(cksum docs/reference.md)
RECORD=1 swift test --skip-build --filter ReferencePageTests
[ "$before" = "$(cksum docs/reference.md)" ] || {
  echo "error: docs/reference.md was out of date; it is written anew, commit it" >&2
  exit 1
}

step "test"
scripts/test

step "install"
swift build --product convo
scripts/check-install .build/debug/convo

if [ "${1:-}" = --full ]; then
  step "sanitizers"
  scripts/sanitize
  step "fuzzer"
  scripts/fuzz "${2:-60}"
  scripts/fuzz builtins 50000
  step "aarch64"
  scripts/aarch64
fi

step "all is well"
