package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"
)

func completionCommand() *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "the completion script of a shell",
		UsageText: "broadsheet completion bash|zsh|fish",
		Description: "bash:  source <(broadsheet completion bash)\n" +
			"zsh:   source <(broadsheet completion zsh)\n" +
			"fish:  broadsheet completion fish | source",
		Action: func(c *cli.Context) error {
			write, ok := map[string]func(io.Writer, []completion){"bash": bash, "zsh": zsh, "fish": fish}[c.Args().First()]
			if !ok || c.Args().Len() != 1 {
				return usage("completion needs the name of a shell: bash, zsh or fish")
			}
			write(c.App.Writer, completions(c.App))
			return nil
		},
	}
}

// completion is what can follow one command.
type completion struct {
	name, usage string
	flags       []cli.Flag
}

func completions(app *cli.App) []completion {
	var out []completion
	for _, c := range app.Commands {
		out = append(out, completion{c.Name, c.Usage, c.Flags})
	}
	return append(out, completion{"help", "what a command does", nil})
}

func names(all []completion) string {
	var b []string
	for _, c := range all {
		b = append(b, c.name)
	}
	return strings.Join(b, " ")
}

func (c completion) flagNames() string {
	var b []string
	for _, f := range c.flags {
		b = append(b, "--"+f.Names()[0])
	}
	return strings.Join(b, " ")
}

func bash(w io.Writer, all []completion) {
	fmt.Fprintf(w, "_broadsheet() {\n  local cur=\"${COMP_WORDS[COMP_CWORD]}\" words=\n  COMPREPLY=()\n")
	fmt.Fprintf(w, "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    COMPREPLY=($(compgen -W %q -- \"$cur\"))\n    return\n  fi\n", names(all))
	fmt.Fprintf(w, "  case \"$cur\" in -*) ;; *) return ;; esac\n  case \"${COMP_WORDS[1]}\" in\n")
	for _, c := range all {
		fmt.Fprintf(w, "    %s) words=%q ;;\n", c.name, c.flagNames())
	}
	fmt.Fprintf(w, "  esac\n  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\ncomplete -o default -F _broadsheet broadsheet\n")
}

func zsh(w io.Writer, all []completion) {
	fmt.Fprint(w, "autoload -U +X bashcompinit && bashcompinit\n")
	bash(w, all)
}

func fish(w io.Writer, all []completion) {
	quote := func(s string) string { return "'" + strings.ReplaceAll(s, "'", `\'`) + "'" }
	for _, c := range all {
		fmt.Fprintf(w, "complete -c broadsheet -n __fish_use_subcommand -f -a %s -d %s\n", c.name, quote(c.usage))
		for _, f := range c.flags {
			var value, usage string
			switch f := f.(type) {
			case valueFlag:
				value, usage = " -r", f.Usage
			case switchFlag:
				usage = f.Usage
			}
			fmt.Fprintf(w, "complete -c broadsheet -n '__fish_seen_subcommand_from %s' -l %s%s -d %s\n", c.name, f.Names()[0], value, quote(usage))
		}
	}
}
