// The Host under pm2: `pm2 start ecosystem.config.cjs && pm2 save`; `pm2 startup` starts it with
// the machine. In one line, it is `pm2 start gemmapod --name gemmapod-host --interpreter none
// --kill-timeout 15000 -- start --headless --resume`.
module.exports = {
  apps: [{
    name: "gemmapod-host",
    script: "gemmapod",
    args: ["start", "--headless", "--resume"],
    interpreter: "none", // it is a program, not a script
    autorestart: true,
    restart_delay: 5000,
    kill_timeout: 15000, // it lets the answers that are under way finish first, for up to 3 s
    stop_exit_codes: [2], // wrong settings: starting again would not help
  }],
};
