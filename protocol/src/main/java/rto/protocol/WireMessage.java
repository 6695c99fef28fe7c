package rto.protocol;

/**
 * Everything that may cross a node's border or enter the journal. The serializer is bound to this
 * type; a test walks the permitted types and demands that each one round-trips.
 */
public sealed interface WireMessage
    permits TaskOffer,
        TaskAccepted,
        WeightsRequest,
        WeightsReply,
        RunMessage,
        RunEvent,
        RunSnapshot,
        RunStatus,
        DeskMessage,
        DeskReply,
        DeskStatus,
        DeskEvent,
        DeskSnapshot,
        NodeMessage,
        ClusterStatus {}
