/**
 * What a run shows when it is done: a table and coloured tokens on the console, result.json for
 * programs, and report.html, one file that needs neither a server nor the network. Draws what it is
 * given in {@link rto.node.dashboard.Report}; computes nothing and fixes no number beforehand.
 */
package rto.node.dashboard;
