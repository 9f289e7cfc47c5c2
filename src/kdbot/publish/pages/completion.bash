_kdbot() {
    local current="${COMP_WORDS[COMP_CWORD]}" command="" words="" place
    for ((place = 1; place < COMP_CWORD; place++)); do
        case "${COMP_WORDS[place]}" in
            COMMANDS) command="${COMP_WORDS[place]}"; break ;;
        esac
    done
    case "$command ${COMP_WORDS[COMP_CWORD - 1]} $current" in
CASES    esac
    COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _kdbot kdbot
