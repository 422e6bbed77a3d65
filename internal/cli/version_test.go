package cli

import (
	"runtime/debug"
	"testing"
)

func TestVersionComesFromTheBuild(t *testing.T) {
	info := func(version string, settings ...debug.BuildSetting) *debug.BuildInfo {
		return &debug.BuildInfo{Main: debug.Module{Version: version}, Settings: settings}
	}
	revision := debug.BuildSetting{Key: "vcs.revision", Value: "0123456789abcdef0123"}
	at := debug.BuildSetting{Key: "vcs.time", Value: "2026-11-27T01:02:03Z"}
	dirty := debug.BuildSetting{Key: "vcs.modified", Value: "true"}
	for _, tt := range []struct {
		name            string
		info            *debug.BuildInfo
		version, commit string
	}{
		{"nothing is known", nil, upcoming, ""},
		{"a build without git", info("(devel)"), upcoming, ""},
		{"a tagged commit", info("v1.2.3", revision, at), "1.2.3", "commit 0123456789ab of 2026-11-27T01:02:03Z"},
		{"a tagged candidate", info("v1.2.3-rc.1", revision), "1.2.3-rc.1", "commit 0123456789ab"},
		{"a commit after a tag", info("v1.2.4-0.20261127010203-0123456789ab", revision), upcoming, "commit 0123456789ab"},
		{"changes that are not committed", info("v1.2.3+dirty", revision, dirty), upcoming, "commit 0123456789ab, with changes that are not committed"},
	} {
		if version, commit := versionOf(tt.info, tt.info != nil); version != tt.version || commit != tt.commit {
			t.Errorf("%s: %q, %q; want %q, %q", tt.name, version, commit, tt.version, tt.commit)
		}
	}
}
