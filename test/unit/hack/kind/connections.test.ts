import t from 'tap'
import { connectionsIn } from '#hack/kind/connections.ts'

const tables = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1 1
   1: 0200F40A:24E3 010013AC:D431 01 00000000:00000000 00:00000000 00000000  1000        0 2 1
   2: 0200F40A:D432 0100600A:01BB 01 00000000:00000000 00:00000000 00000000  1000        0 3 1
   3: 0100007F:D433 0100007F:1F90 06 00000000:00000000 00:00000000 00000000  1000        0 4 1
  sl  local_address                         remote_address                        st tx_queue
   0: 00000000000000000000000000000000:24E3 00000000000000000000000000000000:0000 0A 00000000:00000000
   1: 0000000000000000FFFF00000200F40A:24E3 0000000000000000FFFF0000010013AC:D434 01 00000000:00000000
   2: 00000000000000000000000001000000:D435 00000000000000000000000001000000:24E3 01 00000000:00000000
   3: 000000FD000000000000000001000000:D436 000000FD000000000000000002000000:1538 01 00000000:00000000
`

t.strictSame(connectionsIn(tables), [
  {
    localIp: '10.244.0.2',
    localPort: 9443,
    remoteIp: '172.19.0.1',
    remotePort: 54321,
    inbound: true,
  },
  {
    localIp: '10.244.0.2',
    localPort: 54322,
    remoteIp: '10.96.0.1',
    remotePort: 443,
    inbound: false,
  },
  {
    localIp: '10.244.0.2',
    localPort: 9443,
    remoteIp: '172.19.0.1',
    remotePort: 54324,
    inbound: true,
  },
  {
    localIp: 'fd00:0:0:0:0:0:0:1',
    localPort: 54326,
    remoteIp: 'fd00:0:0:0:0:0:0:2',
    remotePort: 5432,
    inbound: false,
  },
])
