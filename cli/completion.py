"""`pointsman completion`: what a shell needs to complete commands, options, endpoints and rollouts. The script itself is cyclopts'."""

from __future__ import annotations

import sys
from typing import Literal

from cli.app import build_app
from cli.options import Exit

ENDPOINTS = ("status", "history", "releases", "rollback", "retry")
BOTH = ("explain", "promote", "approve", "pause", "resume", "abort")

_BASH = """
# Names of endpoints and open rollouts, asked of the installation and kept for a minute.
_pointsman_names() {{
  if [[ "$_pointsman_asked" != "$1" ]] || (( SECONDS - ${{_pointsman_asked_at:-0}} > 60 )); then
    _pointsman_known="$(command pointsman names "$1" --quiet 2>/dev/null)"
    _pointsman_asked="$1" _pointsman_asked_at=$SECONDS
  fi
  printf '%s\\n' "$_pointsman_known"
}}
_pointsman_with_names() {{
  _pointsman "$@"
  local word="${{COMP_WORDS[COMP_CWORD]}}" which=""
  [[ $COMP_CWORD -eq 2 && $word != -* ]] || return 0
  case "${{COMP_WORDS[1]}}" in
    {endpoints}) which=endpoints ;;
    {both}) which=all ;;
    *) return 0 ;;
  esac
  _pointsman_names "$which" >/dev/null
  COMPREPLY+=( $(compgen -W "$_pointsman_known" -- "$word") )
}}
complete -F _pointsman_with_names pointsman
"""
_ZSH = """
# Names of endpoints and open rollouts, asked of the installation and kept for a minute.
_pointsman_with_names() {{
  local which=""
  if (( CURRENT == 3 )) && [[ ${{words[CURRENT]}} != -* ]]; then
    case "${{words[2]}}" in
      {endpoints}) which=endpoints ;;
      {both}) which=all ;;
    esac
  fi
  if [[ -n "$which" ]]; then
    if [[ "$_pointsman_asked" != "$which" ]] || (( SECONDS - ${{_pointsman_asked_at:-0}} > 60 )); then
      typeset -g _pointsman_known="$(command pointsman names $which --quiet 2>/dev/null)"
      typeset -g _pointsman_asked="$which" _pointsman_asked_at=$SECONDS
    fi
    compadd -- ${{(f)_pointsman_known}}
  fi
  _cyclopts_pointsman "$@"
}}
if [[ "${{funcstack[1]}}" == _pointsman ]]; then
  _pointsman_with_names "$@"
else
  compdef _pointsman_with_names pointsman
fi
"""
_FISH = """
# Names of endpoints and open rollouts, asked of the installation.
complete -c pointsman -n '__fish_seen_subcommand_from {endpoints}' -f -a '(command pointsman names endpoints --quiet 2>/dev/null)'
complete -c pointsman -n '__fish_seen_subcommand_from {both}' -f -a '(command pointsman names all --quiet 2>/dev/null)'
"""


def completion(shell: Literal["bash", "zsh", "fish"], /) -> int:
    """Print the completion script of a shell. It completes endpoints and open rollouts as well.

    For example:

        source <(pointsman completion bash)
        source <(pointsman completion zsh)
        pointsman completion fish > ~/.config/fish/completions/pointsman.fish

    Args:
        shell: Which shell.

    """
    script = build_app().generate_completion(prog_name="pointsman", shell=shell)
    sys.stdout.write(script.rstrip() + "\n" + names_part(shell))
    return Exit.OK


def names_part(shell: Literal["bash", "zsh", "fish"]) -> str:
    """What a shell does beyond the generated script: it asks for names."""
    parts = {"bash": (_BASH, "|"), "zsh": (_ZSH, "|"), "fish": (_FISH, " ")}
    text, separator = parts[shell]
    return text.format(endpoints=separator.join(ENDPOINTS), both=separator.join(BOTH))
