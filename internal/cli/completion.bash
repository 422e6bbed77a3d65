# Completion of kiraform for bash 3.2 and later. It needs nothing beside bash.

# _kiraform_words reads the line up to the cursor as bash would, without carrying
# anything out: words are its words, raw the last one as it is typed, and quote the
# quotation mark that is open in it.
_kiraform_words() {
    local line=${COMP_LINE:0:COMP_POINT} word= begun= i c
    words=() raw= quote=
    for ((i = 0; i < ${#line}; i++)); do
        c=${line:i:1}
        if [[ $quote == "'" && $c != "'" ]]; then
            word+=$c
        elif [[ $c == \\ && $quote != "'" ]]; then
            raw+=$c
            ((i++))
            c=${line:i:1}
            [[ $quote == '"' && $c != [\\\"\$\`] ]] && word+=\\
            word+=$c begun=1
        elif [[ $c == "$quote" ]]; then
            quote=
        elif [[ -z $quote && ( $c == '"' || $c == "'" ) ]]; then
            quote=$c begun=1
        elif [[ -z $quote && $c == [[:space:]] ]]; then
            [[ -n $begun ]] && words+=("$word")
            word= begun= raw=
            continue
        elif [[ -z $quote && $c == [\;\|\&] ]]; then
            words=() word= begun= raw=
            continue
        else
            word+=$c begun=1
        fi
        raw+=$c
    done
    words+=("$word")
}

# _kiraform_quote writes a word as it has to stand behind the quotation mark in quote.
_kiraform_quote() {
    case $quote in
    "'") quoted=${1//\'/\'\\\'\'} ;;
    '"') quoted=${1//\\/\\\\} quoted=${quoted//\"/\\\"} quoted=${quoted//\$/\\\$} quoted=${quoted//\`/\\\`} ;;
    *) printf -v quoted %q "$1" ;;
    esac
}

_kiraform() {
    COMPREPLY=()
    local words raw quote quoted out directive line word last plain=1
    _kiraform_words
    ((${#words[@]} < 2)) && return
    out=$("${words[0]/#\~/$HOME}" __complete "${words[@]:1}" 2>/dev/null) || return
    directive=${out##*:}
    out=${out%:*}
    ((directive & 2)) && compopt -o nospace 2>/dev/null
    ((directive & 4)) && compopt +o default 2>/dev/null

    last=${words[${#words[@]} - 1]}
    [[ $last == -*=* ]] && last=${last#*=} raw=${raw#*=} # what is proposed is the value
    [[ $COMP_TYPE == 37 || $COMP_TYPE == 42 ]] && plain= # each word is inserted as it is
    # readline replaces the part behind the last colon, where that divides words for it
    local cut= found=() remarks=()
    [[ -z $quote && $raw == *:* && $COMP_WORDBREAKS == *:* ]] && cut=${last%"${last##*:}"}
    while IFS= read -r line; do
        word=${line%%$'\t'*}
        [[ -z $word || $word != "$last"* ]] && continue
        _kiraform_quote "${word#"$cut"}"
        [[ $quoted == "${word#"$cut"}" ]] || plain=
        found+=("$quoted")
        [[ $line == *$'\t'* ]] && remarks+=("  (${line#*$'\t'})") || remarks+=("")
    done <<<"$out"

    local i width=${COLUMNS:-80}
    for ((i = 0; i < ${#found[@]}; i++)); do
        word=${found[i]}
        # a remark is shown only where bash has more than one word to choose from, and
        # inserts no more than all of these have in common
        ((${#found[@]} > 1)) && [[ -n $plain && -n ${remarks[i]} ]] && word="$word${remarks[i]}" && word=${word:0:width}
        COMPREPLY+=("$word")
    done
}

complete -o default -F _kiraform kiraform
