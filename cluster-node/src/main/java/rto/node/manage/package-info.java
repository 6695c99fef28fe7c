/**
 * What supervisors, autoscalers and nodes in search of a cluster ask a node over HTTP, by Akka
 * Management. Knows facts and no actors: those who know something put it into {@link
 * rto.node.manage.NodeFacts}, and routes read it there. /alive and /ready are not Akka's own: those
 * name checks by their classes, and warn in the log each time somebody asks.
 *
 * <table>
 *   <caption>Answers; nothing can be changed</caption>
 *   <tr><td>/alive</td><td>200 while the process can answer at all</td></tr>
 *   <tr><td>/ready</td><td>200 if it can do its work, else 503 and what is missing</td></tr>
 *   <tr><td>/metrics</td><td>numbers as Prometheus reads them, see {@link
 *       rto.node.manage.NodeMetrics}</td></tr>
 *   <tr><td>/cluster/members</td><td>Akka's own: the members and their states, as JSON</td></tr>
 *   <tr><td>/bootstrap/seed-nodes</td><td>Akka's own: for nodes in search of a cluster</td></tr>
 * </table>
 */
package rto.node.manage;
