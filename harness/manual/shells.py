# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Shells that are asked what they would complete a line to."""
import os
import pty
import re
import select
import subprocess
import time


def output_of(command, folder):
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True,
                          timeout=30).stdout.splitlines()


class Bash:
    """Calls the function by itself, with the words that readline would give it."""

    ASK = r"""
        source "$0"
        read -ra COMP_WORDS <<< "$1"
        [[ $1 == *' ' ]] && COMP_WORDS+=('')
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _sklab
        printf '%s\n' "${COMPREPLY[@]}"
        """

    @staticmethod
    def script(share):
        return share / "bash-completion" / "completions" / "sklab"

    def __init__(self, share, folder):
        self.share, self.folder = share, folder

    def complete(self, line):
        lines = output_of(["bash", "-c", self.ASK, self.script(self.share), line], self.folder)
        return [one for one in lines if one]

    def close(self):
        pass


class Fish:
    def __init__(self, share, folder):
        self.folder = folder
        self.script = share / "fish" / "vendor_completions.d" / "sklab.fish"

    def complete(self, line):
        ask = "source $argv[1]; complete -C $argv[2]"
        lines = output_of(["fish", "--no-config", "-c", ask, self.script, line], self.folder)
        # A folder has its slash already, which other shells add when they insert it.
        return [one.split("\t")[0].rstrip("/") for one in lines]

    def close(self):
        pass


class Zsh:
    """zsh completes at a terminal only. What it found is told by a function in place of compadd."""

    SET_UP = r"""
        fpath=({share}/zsh/site-functions $fpath)
        autoload -Uz compinit && compinit -u -D
        compadd() {{
          # -O and its like ask for a part of the matches, and add none.
          if [[ ${{@[1,(i)(-|--)]}} != *-(O|A|D)* ]]; then
            local -a found
            builtin compadd -O found "$@"
            local word
            for word in $found; do print -rn -- "<$word>"; done
          fi
          builtin compadd "$@"
        }}
        done-completing() {{ print -rn -- "<END""OF>"; zle kill-whole-line }}
        zle -N done-completing
        bindkey '^T' done-completing
        unsetopt list_beep; setopt no_list_ambiguous
        PS1=; print READY"NOW"
        """

    def __init__(self, share, folder):
        process, self.terminal = pty.fork()
        if process == 0:
            os.chdir(folder)
            os.environ.update(TERM="dumb", PS1="")
            os.execvp("zsh", ["zsh", "-f", "-i"])
        set_up = self.SET_UP.format(share=share)
        file = folder.parent / (folder.name + ".zsh")
        file.write_text(set_up)
        os.write(self.terminal, f"source {file}\n".encode())
        self.read_until("READYNOW")
        file.unlink()

    def read_until(self, mark):
        text = ""
        end = time.monotonic() + 30
        while mark not in text:
            if not select.select([self.terminal], [], [], max(0, end - time.monotonic()))[0]:
                raise TimeoutError(f"zsh has not said {mark}, but: {text}")
            text += os.read(self.terminal, 65536).decode()
        return text

    def complete(self, line):
        os.write(self.terminal, (line + "\t\x14").encode())
        found = re.findall(r"<([^<>]+)>", self.read_until("<ENDOF>"))
        return sorted({word.rstrip("=") for word in found} - {"ENDOF"})

    def close(self):
        os.close(self.terminal)
