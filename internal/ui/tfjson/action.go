package tfjson

import "kiraform/internal/event"

// ActionInvocation is an action that an apply of the plan runs. One that is asked for
// has InvokeTrigger, the others are triggered by the creation of an object.
type ActionInvocation struct {
	Address         string            `json:"address"`
	Type            string            `json:"type"`
	Name            string            `json:"name"`
	ConfigValues    any               `json:"config_values"`
	ConfigSensitive any               `json:"config_sensitive"`
	ConfigUnknown   any               `json:"config_unknown"`
	ProviderName    string            `json:"provider_name"`
	Trigger         *LifecycleTrigger `json:"lifecycle_action_trigger,omitempty"`
	InvokeTrigger   *struct{}         `json:"invoke_action_trigger,omitempty"`
	Kiraform        ChangeFacts       `json:"kiraform"`
}

// LifecycleTrigger says which object's creation triggers an action. If there are
// several, the others are in the needs of [ChangeFacts].
type LifecycleTrigger struct {
	Resource string `json:"triggering_resource_address"`
	Event    string `json:"action_trigger_event"`
	Block    int    `json:"action_trigger_block_index"`
	List     int    `json:"actions_list_index"`
}

// DeferredActionInvocation is an action that cannot be run yet.
type DeferredActionInvocation struct {
	Reason           string           `json:"reason"`
	ActionInvocation ActionInvocation `json:"action_invocation"`
}

// afterCreate is Terraform's word for the one event that triggers actions.
const afterCreate = "AfterCreate"

func (p *Plan) action(c *event.Reviewed) {
	in := invocationOf(&c.Planned)
	if c.Action == event.Invoke {
		p.Actions = append(p.Actions, in)
		return
	}
	p.Complete = false
	p.DeferredActions = append(p.DeferredActions, DeferredActionInvocation{c.Why, in})
}

func invocationOf(e *event.Planned) ActionInvocation {
	config := members(written(e.Nodes))
	in := ActionInvocation{Address: e.Addr, Type: e.Kind, Name: e.Name, ConfigValues: config.value, ConfigSensitive: config.sensitive,
		ConfigUnknown: config.unknown, ProviderName: provider, Kiraform: factsOf(e)}
	if len(e.Needs) > 0 {
		in.Trigger = &LifecycleTrigger{Resource: e.Needs[0], Event: afterCreate}
	} else {
		in.InvokeTrigger = &struct{}{}
	}
	return in
}

// written are the attributes of an action's block, without Kira's preview.
func written(nodes []event.Node) (all []event.Node) {
	for _, n := range nodes {
		if n.Name != event.Preview {
			all = append(all, n)
		}
	}
	return all
}
