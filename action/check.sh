#!/usr/bin/env bash
# Runs dashlint with what the inputs say. White space and line breaks part words; nothing is read as shell.
set -euo pipefail

read -r -d '' -a paths <<< "$DASHLINT_PATHS" || true
read -r -d '' -a given <<< "$DASHLINT_ARGS" || true
more=(--format=github "--fail-on=$DASHLINT_FAIL_ON")
if [ -n "$DASHLINT_PRESET" ]; then more+=("--preset=$DASHLINT_PRESET"); fi
if [ -n "$DASHLINT_SINCE" ]; then more+=("--since=$DASHLINT_SINCE"); fi
if [ -n "$DASHLINT_SARIF" ]; then more+=("--output=sarif=$DASHLINT_SARIF"); fi
# GitHub shows about ten annotations of each kind; the summary has all findings that fit.
if [ "$DASHLINT_SUMMARY" = true ]; then more+=("--output=markdown=$GITHUB_STEP_SUMMARY"); fi
# An empty array is an unset one to the bash of macOS.
"$RUNNER_TEMP/dashlint/bin/dashlint" "${more[@]}" ${given[@]+"${given[@]}"} -- ${paths[@]+"${paths[@]}"}
