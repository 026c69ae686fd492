import { Command, Option } from "../base/native.ts";
import { hostArguments, type HostOptions, hostOptions } from "./host_options.ts";
import { examples } from "./output.ts";
import type { InstallOptions } from "./service/install.ts";

/**
 * Flags of a Host that a service has not: those that would leave a secret in a file that others may
 * read, and those of its dashboard, which it is without.
 */
const LEFT_OUT: ReadonlySet<string> = new Set(["apiKey", "iceServers", "headless", "uiDir"]);

/** `service install|uninstall|status` */
export function serviceCommand(): Command {
  const service = new Command("service")
    .description("have this system keep the Host running: systemd or launchd, as yourself")
    .addHelpText("after", examples("service install", "service status", "service uninstall"));
  for (const command of [installCommand(), uninstallCommand(), statusCommand()]) {
    service.addCommand(command);
  }
  return service;
}

function installCommand(): Command {
  const command = new Command("install")
    .description("write the service of `gemmapod start --headless --resume`, and start it")
    .option("--print", "only show what would be written")
    .addOption(
      new Option("--for <manager>", "with --print: another system's (pm2 is only shown)")
        .choices(["systemd", "launchd", "pm2"]),
    )
    .option("--no-start", "write it, and leave starting it to you")
    .option("--json", "print what was done as JSON");
  for (const option of hostOptions()) {
    if (!LEFT_OUT.has(option.attributeName())) command.addOption(option);
  }
  return command
    .addHelpText(
      "after",
      "\nA key goes into ~/.gemmapod/service.env, as GEMMAPOD_API_KEY=…, of mode 600.",
    )
    .addHelpText(
      "after",
      examples(
        "service install",
        "service install --provider-url http://localhost:8080/v1",
        "service install --print --for launchd",
      ),
    )
    .action(async (options: InstallOptions & HostOptions) => {
      if (options.for !== undefined && !options.print) {
        command.error("error: --for needs --print: only this system's service is installed", {
          exitCode: 2,
        });
      }
      await (await import("./check_host_options.ts")).checkHostOptions(options);
      const [{ install }, { serviceProgram }] = await Promise.all([
        import("./service/install.ts"),
        import("./service/service_program.ts"),
      ]);
      // What was not given stays open, so that a later release may have other defaults.
      const given = new Set(
        command.options.filter((option) =>
          command.getOptionValueSource(option.attributeName()) === "cli"
        ).map(({ long }) => long),
      );
      const flags = hostArguments(options).filter((flag) => given.has(flag.split("=")[0]));
      await install(serviceProgram(flags), options);
    });
}

function uninstallCommand(): Command {
  return new Command("uninstall")
    .description("stop the service and remove its file; pods and conversations stay")
    .option("--json", "print what was done as JSON")
    .addHelpText("after", examples("service uninstall"))
    .action(async (options: { json?: true }) => {
      await (await import("./service/uninstall.ts")).uninstall(options);
    });
}

function statusCommand(): Command {
  return new Command("status")
    .description("say whether the service is installed and runs; exit code 1 where it does not")
    .option("--json", "print it as JSON")
    .addHelpText("after", examples("service status"))
    .action(async (options: { json?: true }) => {
      await (await import("./service/service_status.ts")).serviceStatus(options);
    });
}
