#!/bin/bash
# The image has neither curl nor wget, and a second JVM would not fit beside the first.
set -u

port=${PORT:-}
port=${port//[[:space:]]/}
prefix=${API_PREFIX:-}
prefix=${prefix//[[:space:]]/}
prefix=${prefix#/}
prefix=${prefix%/}

# Bounded from outside: bash has no limit for opening a connection.
timeout 4 bash -c '
  exec 3<>"/dev/tcp/127.0.0.1/$1" || exit
  printf "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" "$2" >&3
  read -r _ status _ <&3
  echo "$2 answered ${status:-nothing}"
  [[ ${status:-} == 200 ]]
' probe "${port:-3000}" "/${prefix:+$prefix/}actuator/health/readiness" || exit 1
