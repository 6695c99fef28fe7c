/**
 * A cluster of several processes: the desk where runs are handed in, the agent that each node has,
 * and the way in from outside. Knows no models: what a run needs is made by those who are handed in
 * ({@link rto.node.cluster.RunMaker}, {@link rto.node.cluster.Rooms}).
 *
 * <pre>
 *   user ──▶ NodeAgent of any node ──▶ RunDesk, one per cluster ──▶ the run's brain, its child
 *                │        ▲ once a second: which run is on? │
 *                │        └─────────────────────────────────┘
 *                ├──▶ RoomHost: rollout workers and scorers for the run that is on
 *                └──▶ RoomHost: on a learner's node without the desk, what the brain would need
 * </pre>
 *
 * <table>
 *   <caption>Who waits for what</caption>
 *   <tr><th>who</th><th>waits for</th><th>unblocked by</th></tr>
 *   <tr><td>NodeAgent</td><td>the desk</td><td>a learner's node</td></tr>
 *   <tr><td>RoomHost</td><td>a run whose models are made</td><td>the desk, asked again</td></tr>
 *   <tr><td>RunDesk</td><td>a run; the end of the present one</td><td>a user; its RunMaker</td></tr>
 * </table>
 */
package rto.node.cluster;
