/// The number (OID) of a type in PostgreSQL's catalogue.
public struct PostgresType: Sendable, Hashable {
    /// The OID; those of built-in types never change.
    public let oid: UInt32

    /// A type from its OID.
    public init(oid: UInt32) {
        self.oid = oid
    }

    /// `boolean`.
    public static let bool = PostgresType(oid: 16)
    /// `bytea`.
    public static let bytea = PostgresType(oid: 17)
    /// `name`, the text type of the catalogue.
    public static let name = PostgresType(oid: 19)
    /// `bigint`.
    public static let int8 = PostgresType(oid: 20)
    /// `smallint`.
    public static let int2 = PostgresType(oid: 21)
    /// `integer`.
    public static let int4 = PostgresType(oid: 23)
    /// `text`.
    public static let text = PostgresType(oid: 25)
    /// `real`.
    public static let float4 = PostgresType(oid: 700)
    /// `double precision`.
    public static let float8 = PostgresType(oid: 701)
    /// `character varying`.
    public static let varchar = PostgresType(oid: 1043)
    /// `timestamp with time zone`.
    public static let timestamptz = PostgresType(oid: 1184)
    /// `uuid`.
    public static let uuid = PostgresType(oid: 2950)
    /// `jsonb`.
    public static let jsonb = PostgresType(oid: 3802)
    /// `boolean[]`.
    public static let boolArray = PostgresType(oid: 1000)
    /// `smallint[]`.
    public static let int2Array = PostgresType(oid: 1005)
    /// `integer[]`.
    public static let int4Array = PostgresType(oid: 1007)
    /// `text[]`.
    public static let textArray = PostgresType(oid: 1009)
    /// `bigint[]`.
    public static let int8Array = PostgresType(oid: 1016)
    /// `real[]`.
    public static let float4Array = PostgresType(oid: 1021)
    /// `double precision[]`.
    public static let float8Array = PostgresType(oid: 1022)
    /// `timestamp with time zone[]`.
    public static let timestamptzArray = PostgresType(oid: 1185)
    /// `uuid[]`.
    public static let uuidArray = PostgresType(oid: 2951)
}
