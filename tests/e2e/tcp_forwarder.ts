/** A load balancer, as small as they come: every connection goes to the first target that answers. */
export interface Forwarder extends Disposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
}

/** @param targets URLs, in the order of preference */
export function forwardTo(targets: readonly string[]): Forwarder {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connections = new Set<Deno.Conn>();

  async function accept(): Promise<void> {
    for await (const client of listener) carry(client);
  }

  async function carry(client: Deno.Conn): Promise<void> {
    const server = await firstOf(targets);
    if (server === undefined) return client.close();
    connections.add(client).add(server);
    await Promise.allSettled([
      client.readable.pipeTo(server.writable),
      server.readable.pipeTo(client.writable),
    ]);
    connections.delete(client);
    connections.delete(server);
  }

  accept().catch(() => {}); // closed with the listener
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    [Symbol.dispose]() {
      listener.close();
      for (const connection of connections) close(connection);
    },
  };
}

async function firstOf(targets: readonly string[]): Promise<Deno.TcpConn | undefined> {
  for (const target of targets) {
    const { hostname, port } = new URL(target);
    try {
      return await Deno.connect({ hostname, port: Number(port) });
    } catch {
      continue; // it is down: that is what a load balancer is for
    }
  }
  return undefined;
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // its pipe has ended and closed it
  }
}
