/** The gold rewards by the names that commands and configurations use; sees all of rto.data. */
package rto.data.catalog;
