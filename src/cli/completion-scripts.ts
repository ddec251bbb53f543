/** The scripts that make shells complete the words of the command. */

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

/** Whether it is the name of a shell that there is a script for. */
export const isShell = (name: string): name is Shell => SHELLS.some((shell) => shell === name)

/** The answer of `hmmcheck complete` where a file is wanted: the shell completes it. */
export const FILES = ':files'

/** The lines of a script. */
export const completionScript = (shell: Shell): readonly string[] => scripts[shell]

/** Bash breaks words at `@`, too: what stands before the last one is cut off what it is answered. */
const bash = `# hmmcheck completion for bash: put  eval "$(hmmcheck completion bash)"  into ~/.bashrc
_hmmcheck() {
  local line=\${COMP_LINE:0:COMP_POINT} all
  local -a typed
  read -ra typed <<< "$line"
  [[ $line == *[[:space:]] ]] && typed+=('')
  local unfinished=\${typed[-1]}
  mapfile -t all < <("\${typed[0]}" complete -- "\${typed[@]:1}" 2> /dev/null)
  COMPREPLY=()
  if [[ \${all[0]} == ${FILES} ]]; then
    compopt -o filenames 2> /dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$unfinished")
    return
  fi
  local word
  for word in "\${all[@]%%$'\\t'*}"; do
    printf -v word '%q' "$word"
    COMPREPLY+=("$word")
  done
  if [[ $COMP_WORDBREAKS == *@* && $unfinished == *@* ]]; then
    COMPREPLY=("\${COMPREPLY[@]#"\${unfinished%@*}@"}")
  fi
}
complete -F _hmmcheck hmmcheck`

const zsh = `#compdef hmmcheck
# hmmcheck completion for zsh: put  eval "$(hmmcheck completion zsh)"  into ~/.zshrc, behind compinit
_hmmcheck() {
  local answer
  local -a all
  for answer in "\${(@f)$("\${words[1]}" complete -- "\${(@)words[2,CURRENT]}" 2> /dev/null)}"; do
    if [[ $answer == ${FILES} ]]; then
      _files
      return
    fi
    [[ -n $answer ]] && all+=("\${\${answer//:/\\\\:}/$'\\t'/:}")
  done
  _describe hmmcheck all
}
compdef _hmmcheck hmmcheck`

const fish = `# hmmcheck completion for fish: hmmcheck completion fish > ~/.config/fish/completions/hmmcheck.fish
function __hmmcheck_complete
    set -l typed (commandline -opc)
    set -l unfinished (commandline -ct)
    set -l all ($typed[1] complete -- $typed[2..] "$unfinished" 2> /dev/null)
    if test "$all[1]" = '${FILES}'
        __fish_complete_path "$unfinished"
    else
        printf '%s\\n' $all
    end
end
complete -c hmmcheck -f -a '(__hmmcheck_complete)'`

const scripts: Readonly<Record<Shell, readonly string[]>> = {
  bash: bash.split('\n'),
  zsh: zsh.split('\n'),
  fish: fish.split('\n'),
}
