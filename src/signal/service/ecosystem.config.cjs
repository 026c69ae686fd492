// The broker under pm2: `pm2 start ecosystem.config.cjs && pm2 save`; `pm2 startup` starts it with
// the machine.
const { homedir } = require("node:os");
const { join } = require("node:path");

module.exports = {
  apps: [{
    name: "gemmapod-signal",
    script: "gemmapod-signal",
    args: ["--data-dir", join(homedir(), ".gemmapod-signal")], // or --config, for all settings
    interpreter: "none", // it is a program, not a script
    autorestart: true,
    restart_delay: 2000,
    kill_timeout: 15000, // it leaves within 10 s by itself; then its Hosts are told to come back
    stop_exit_codes: [2], // wrong settings: starting again would not help
  }],
};
