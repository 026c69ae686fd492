/** A command that is not run as it stands, and why. */
export interface StandIn {
  /** Which commands. */
  readonly line: RegExp;
  readonly why: string;
  /** What is run in its place; nothing where it is left out. */
  readonly instead?: string;
}

/**
 * What a test can't have: somebody to answer, a machine on the network, itself. `$BROKER` is a broker
 * of the test's own, for the public one.
 */
export const STAND_INS: readonly StandIn[] = [
  { line: /^npx -y deno@\S+ task test$/, why: "it is the command that runs this" },
  {
    line: /^curl -fsSL \S+\/src\/cli\/service\/install\.sh \| sh$/,
    why: "a release is on the network; the test of install.sh has one of its own",
    instead: "sh install.sh --help",
  },
  { line: /^deno task build bin$/, why: "the tests of the compiled programs run it" },
  {
    line: /^gemmapod create$/,
    why: "it asks a person",
    instead: 'gemmapod create --name First --template blank --no-run --yes --broker "$BROKER"',
  },
  {
    line: /^gemmapod (create|init) .*$/,
    why: "the public broker is on the network",
    instead: '$& --broker "$BROKER"',
  },
  {
    line: /^gemmapod-signal (.*) --data-dir \/var\/lib\/gemmapod-signal$/,
    why: "only root may write there",
    instead: "gemmapod-signal $1 --data-dir data",
  },
  {
    line: /^gemmapod-signal .* --bus nats:/,
    why: "it takes NATS; the tests of the bus run it",
  },
  {
    line: /^gemmapod service (install|status|uninstall)$/,
    why: "it needs a session of systemd, and changes it",
    instead: "gemmapod service install --print",
  },
];
