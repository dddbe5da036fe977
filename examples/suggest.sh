#!/bin/sh
# Ask a running server what to reply to one message. Usage: sh examples/suggest.sh [http://127.0.0.1:3000]
set -eu

curl --silent --show-error --fail-with-body "${1:-http://127.0.0.1:3000}/v1/suggest" \
    --header 'Content-Type: application/json' --data @- <<'JSON'
{
  "message": "Goedemiddag, mijn factuur is hoger dan normaal. Kunt u uitleggen hoe dat komt?",
  "channel": "email",
  "conversation": [],
  "customer": {"name": "mevrouw De Wit"},
  "agent": {"initials": "EK"},
  "k": 2
}
JSON
echo
