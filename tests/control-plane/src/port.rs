//! Free ports of the loopback.

use std::net::TcpListener;

use crate::Error;

/// Ports that nobody listened on a moment ago. Somebody may come first: whoever uses them tries again.
pub(crate) fn free_ports<const N: usize>() -> Result<[u16; N], Error> {
    let mut ports = [0; N];
    // All are held until all are known, or two could be the same.
    let mut held = Vec::with_capacity(N);
    for port in &mut ports {
        let failed = "find a free port of the loopback";
        let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(Error::of(failed))?;
        *port = listener.local_addr().map_err(Error::of(failed))?.port();
        held.push(listener);
    }
    Ok(ports)
}
