package engine_test

// anotherKey gives the state another key, and loseKey does so without the old one.
// Nothing is left to do before, so that Kira has the written values: nothing may
// be sent because of it, and nothing made again.
func (l *life) anotherKey() bool { return l.changeKey(false) }
func (l *life) loseKey() bool    { return l.changeKey(true) }

func (l *life) changeKey(lost bool) bool {
	st := l.state(l.T)
	if !l.last.empty || st.KeyID == "" || len(st.Intents) > 0 || l.cfg.String() != l.shown {
		return false
	}
	before := len(l.writes())
	if !l.rekey(l.T, l.cfg.String(), lost) {
		return false
	}
	if lost {
		l.note("rm .kiraform/key; kiraform plan; kiraform state rekey -trust -auto-approve")
	} else {
		l.note("kiraform state rekey -auto-approve")
	}
	l.last = l.run(l.T, l.cfg.String(), ride{plan: true, workers: 1})
	if sent := l.writes()[before:]; len(sent) > 0 || !l.last.empty {
		l.broken(noNewKey, "with another key there are changes: %v, sent %v", l.last.planned, sent)
	}
	return true
}

// toggleEncryption has the next run encrypt the state, or write it in clear again.
func (l *life) toggleEncryption() bool {
	if !l.encrypt() {
		return false
	}
	l.note("# kiraform { encryption { recipients = [...] } } is written, or is not any more")
	l.saved = nil
	return true
}

// otherCopy goes on in another folder, with the state of the first.
func (l *life) otherCopy() bool {
	if !l.anotherCopy() {
		return false
	}
	l.note("# in another folder from now on, with -state of the first; or back there")
	l.saved = nil
	return true
}
